"""The papers of a case: their kinds, which step makes which (`made`), and what each is made from (`order`)."""
