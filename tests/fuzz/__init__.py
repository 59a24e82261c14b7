"""Coverage-guided fuzzing of what reads files of unknown origin; see docs/hostile.md. Needs the extra `fuzz`."""
