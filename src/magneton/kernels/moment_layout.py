"""Where the numbers of a block of moments lie.

A block is one flat array, LANES floats a row, and each row begins at a constant: so the compiler knows that rows do not
overlap, and loops over lanes vectorise without tests. A block is always full, so that it also knows their lengths, and
what a moment does cannot depend on its neighbours.
"""

#: Moments in a block.
LANES = 64
#: Unit vectors at the begin of the step, and where the field is asked for: three rows each.
U, Y = 0, 3 * LANES
#: The field there in T, without and with the thermal one's share.
B, NOISE = 6 * LANES, 9 * LANES
#: Four rates times the step.
K1, K2, K3, K4 = 12 * LANES, 15 * LANES, 18 * LANES, 21 * LANES
#: A second state within the step.
Y2 = 24 * LANES
#: gamma' dt and alpha |gamma'| dt in 1/T; the thermal field's standard deviation in T.
PRECESSION, DAMPING, SIGMA = 27 * LANES, 28 * LANES, 29 * LANES
#: How far the last iteration moved a lane; negative where it has come to rest.
MOVED = 30 * LANES
#: Sums of energies over |m| in T.
ENERGY = 31 * LANES
#: Random words, four rows.
WORDS = 32 * LANES
#: Floats in a block.
SIZE = 36 * LANES
