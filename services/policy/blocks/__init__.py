"""The building blocks of reports as a policy says them: a module each, with its shape and what it must keep."""
