"""How stored facts become published messages: one declaration for each type, and what is known of the record beside."""
