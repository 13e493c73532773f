// What networks are made of: torch.nn. In the order to read:
//
//   functional.h       layers, losses and their gradients as functions, for float and double
//   init.h             how weights begin
//   module.h           a layer as an object: parameters with names, the way back
//   layers.h, loss.h   the layers and losses of torch.nn
//   conv.h, pool.h     images: convolution and pooling as functions,
//   conv_layers.h      and as layers
//   batch_norm.h       batch normalisation as a function, with what may be fused with it,
//   batch_norm_layers.h  and as layers
//   res_block.h        what a ResNet is made of
//   optim.h            how parameters move
//   schedules.h        how fast, as training goes on
//   check_gradients.h  is the way back of a layer right?
//   state.h, models.h  what a network knows as a file, and networks by name
#pragma once

#include "common/nn/batch_norm_layers.h"
#include "common/nn/conv.h"
#include "common/nn/conv_layers.h"
#include "common/nn/functional.h"
#include "common/nn/init.h"
#include "common/nn/layers.h"
#include "common/nn/loss.h"
#include "common/nn/models.h"
#include "common/nn/module.h"
#include "common/nn/optim.h"
#include "common/nn/pool.h"
#include "common/nn/res_block.h"
#include "common/nn/schedules.h"
#include "common/nn/state.h"
