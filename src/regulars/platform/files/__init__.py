"""Tables in files, read as a stream: CSV, XLSX, NDJSON and Parquet give batches of text rows, each row with its place in the file.

Nothing here knows what a row means. Memory stays flat whatever the file holds: a line of 2 GB, a quote that never closes or a
broken byte is a *fault* of its row, told apart from the rows around it, which still come through. A file that is no table at all
(empty, without a header, damaged at its core) raises a ``Problem``.
"""
