"""Children: whose keys are destroyed when their time is over. No file of commands can do that."""
