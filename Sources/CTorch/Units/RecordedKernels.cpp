// Kernels with a node of their own in the graph, which need the headers of autograd. See Kernels.cpp.

#pragma float_control(push)
#include "../Kernels/Bernoulli.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/Convolution.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/Gaussian.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/GaussianDensity.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/GaussianMixture.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/Linear.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/LogisticMixture.cpp"
#pragma float_control(pop)

#pragma float_control(push)
#include "../Kernels/ScaleAndShift.cpp"
#pragma float_control(pop)
