"""What all doors share: who may enter a route, and the outside world they were given at start."""
