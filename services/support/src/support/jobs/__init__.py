"""What timers wake."""
