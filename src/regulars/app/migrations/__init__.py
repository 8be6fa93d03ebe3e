"""The one history of the schema. Inside the package, because users of the wheel migrate too."""
