"""The load question: capacity and batteries with the gateways as planned."""
