"""Pure numerics: numbers in, numbers out, each formula with its source. No I/O, no clock."""
