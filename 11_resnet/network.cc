#include "11_resnet/res_block.h"

namespace foundations::ch11 {

nn::Sequential network(Make* make, std::int64_t stem, const std::vector<Place>& places,
                       Generator& generator) {
  std::vector<std::shared_ptr<nn::Module>> layers{
      nn::share(nn::Unflatten({1, 28, 28})),
      nn::share(nn::Conv2d(1, stem, 5, {.stride = 2, .padding = 2, .bias = false}, generator)),
      nn::share(nn::BatchNorm2d(stem)), nn::share(nn::ReLU())};
  std::int64_t channels = stem;
  for (const Place& place : places) {
    layers.push_back(make(channels, place.channels, place.stride, generator));
    channels = place.channels;
  }
  layers.push_back(nn::share(nn::AdaptiveAvgPool2d()));
  layers.push_back(nn::share(nn::Flatten()));
  layers.push_back(nn::share(nn::Linear(channels, 10, generator)));
  return nn::Sequential(layers);
}

std::vector<Place> three_stages(int blocks) {
  std::vector<Place> places;
  for (const std::int64_t channels : {8, 16, 32}) {
    for (int block = 0; block < blocks; ++block) {
      places.push_back({channels, block == 0 && channels > 8 ? 2 : 1});
    }
  }
  return places;
}

}  // namespace foundations::ch11
