// Values that help tests.
