"""Where things are: communes, their areas, who touches whom, and points scattered inside them."""
