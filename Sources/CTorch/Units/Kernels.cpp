// Kernels without a node of their own in the graph.
//
// The files of this target are compiled in groups: LibTorch's headers take 10 to 15 seconds, most files 1 to 3. One by
// one they took four minutes on two cores. Each kernel therefore has a namespace of its own, and the pragmas end the
// rounding rules of each file with the file. The build starts with the last unit, which takes longest.

#pragma float_control(push)
#include "../Kernels/Epilogue.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/MixtureStatistics.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/NearestCentres.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/Random.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/Scatter.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/Sweeps.cpp"
#pragma float_control(pop)
