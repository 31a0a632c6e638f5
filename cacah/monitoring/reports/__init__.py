"""The weekly report for the evaluation meeting: gathered, drawn as PDF, asked for and kept."""
