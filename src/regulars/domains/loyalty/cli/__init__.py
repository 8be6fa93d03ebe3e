"""What the command line offers of the engine: the programme, ``verify``, imports."""
