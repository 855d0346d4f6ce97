"""What a GPU serves of a model: whether it fits, how fast it answers, and how soon it starts.

A roofline with losses. Datasheet figures of the GPU, the shape of the model and the lengths of the
requests give two times, one of arithmetic and one of reading memory; a profile says what share of
the datasheet an engine reaches and what a step costs beside. There is one parameter set a profile
and no factor for a GPU, a model or an engine, so that hardware and models without a measurement
are predicted like those with one.
"""
