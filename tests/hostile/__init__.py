"""Files made to harm whoever reads them, by a script, always the same for a seed; see docs/hostile.md."""
