"""The demonstration: two simulated seasons over real communes, built by the worker through the same actions as the
pages. Everything it makes is marked as simulated."""
