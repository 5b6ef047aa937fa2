"""Pages of the applicant, and those of the organiser on editions."""
