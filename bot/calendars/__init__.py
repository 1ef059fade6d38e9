"""Days without school, as schools have them: lists by hand, calendar files, public holidays."""
