"""`sightline demo`: the months that it takes in, its live moment and its walk through the views."""
