// The operations of LibTorch, and the backward pass. See Kernels.cpp.

#include "../Autograd.cpp"
#include "../Backward.cpp"
#include "../Base.cpp"
#include "../Creation.cpp"
#include "../Elementwise.cpp"
#include "../LinearAlgebra.cpp"
#include "../Neural.cpp"
#include "../Optimizer.cpp"
#include "../Reduction.cpp"
#include "../Shape.cpp"
