"""What every door shares, whatever it speaks: desks by authority, the answer to an order, problems, rates."""
