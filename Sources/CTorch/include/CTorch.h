// The C interface to LibTorch: the only way from Swift into C++.
//
// Conventions. A function that makes a tensor returns an owned handle, or NULL when LibTorch refused;
// ct_last_error() then holds the reason, for this thread. Functions that return `bool` report success the
// same way. Nothing throws. Shapes are `long` (Swift's Int) with a count. Absent tensors are NULL.
#pragma once

#include "CTBase.h"
#include "CTCreation.h"
#include "CTElementwise.h"
#include "CTReduction.h"
#include "CTShape.h"
#include "CTLinearAlgebra.h"
#include "CTNeural.h"
#include "CTAutograd.h"
#include "CTOptimizer.h"
#include "CTKernels.h"
