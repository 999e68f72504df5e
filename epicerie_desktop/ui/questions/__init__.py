"""The « Questions » screen: what to ask, its answer beside it, kept by name, in a file, or published."""
