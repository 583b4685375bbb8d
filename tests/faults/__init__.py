"""Everything around the stream fails, as drawn from a seed, and nothing is lost, doubled or leaked.

``run`` lets one storm pass over a whole house: ``plan`` draws what goes wrong, ``trouble`` does it,
``listeners`` write down what they apply meanwhile, and ``oracle`` says whether that is right.
"""
