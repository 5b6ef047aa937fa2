"""Every measure, one after the other."""

from bench import scoring

scoring.main()
