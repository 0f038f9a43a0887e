"""When lamps burn and how brightly: schedules on the sun and on the local clock."""
