// The module's door is built here.
