"""Components that follow the pointer: plain JavaScript modules, one folder each."""
