"""What every room may use and that knows none of them: errors, sentences, paths, settings, clock, log, text."""
