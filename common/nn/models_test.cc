#include "common/nn/models.h"

#include <gtest/gtest.h>

#include <string>

#include "common/nn/nn.h"
#include "common/tensor/ops.h"
#include "common/testing/testing.h"

namespace foundations::nn {
namespace {

TEST(MlpTest, HasReluBetweenItsLayersAndNotBehindThem) {
  Generator generator(1), same(1);
  EXPECT_EQ(to_string(mlp({4, 3, 2}, generator)),
            "Sequential(\n"
            "  (0): Linear(in_features=4, out_features=3, bias=True)\n"
            "  (1): ReLU()\n"
            "  (2): Linear(in_features=3, out_features=2, bias=True)\n"
            ")");
  EXPECT_EQ(mlp({4, 2}, generator).parameters().size(), 2u);
  expect_error<ShapeError>([&] { mlp({4}, generator); },
                           "mlp() needs the sizes of its input and its output, but got [4]");
}

TEST(ConvnetTest, HalvesTheImageLayerByLayer) {
  Generator generator(1);
  EXPECT_EQ(to_string(convnet({784, 8, 16, 10}, generator)),
            "Sequential(\n"
            "  (0): Unflatten(dim=1, unflattened_size=[1, 28, 28])\n"
            "  (1): Conv2d(1, 8, kernel_size=(5, 5), stride=(2, 2), padding=(2, 2))\n"
            "  (2): ReLU()\n"
            "  (3): Conv2d(8, 16, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))\n"
            "  (4): ReLU()\n"
            "  (5): AdaptiveAvgPool2d(output_size=1)\n"
            "  (6): Flatten()\n"
            "  (7): Linear(in_features=16, out_features=10, bias=True)\n"
            ")");
}

TEST(ResnetTest, HasTheParametersOfItsBlocks) {
  Generator generator(1);
  Sequential model = resnet({784, 8, 16, 32, 64, 10}, generator);
  std::int64_t parameters = 0, buffers = 0;
  for (const auto& [name, tensor] : model.named_parameters()) parameters += tensor.numel();
  for (const auto& [name, tensor] : model.named_buffers()) buffers += tensor.numel();
  EXPECT_EQ(parameters, 76'578);
  EXPECT_EQ(buffers, 2 * (8 + 2 * (16 + 32 + 64)));
  EXPECT_EQ(model(ones(3, 784)).shape(), Shape({3, 10}));
  EXPECT_EQ(model(ones(3, 1, 28, 28)).shape(), Shape({3, 10}));
  expect_error<std::invalid_argument>(
      [&] {
        resnet({785, 8, 10}, generator);
      },
      "resnet() needs the pixels of a square image, the channels of its layers and the number of "
      "classes, but got [785, 8, 10]");
  expect_error<std::invalid_argument>(
      [&] {
        convnet({784, 10}, generator);
      },
      "convnet() needs the pixels of a square image, the channels of its layers and the number of "
      "classes, but got [784, 10]");
}

TEST(MakeModelTest, TakesNamesAndSizes) {
  Generator generator(1), same(1);
  const Sequential named = make_model(" mlp  4 3 2 ", generator), built = mlp({4, 3, 2}, same);
  for (std::size_t i = 0; i < 4; ++i) expect_equal(named.parameters()[i], built.parameters()[i]);

  const std::string kSizes = "\": sizes are from 1 on, and a layer has at most 100000000 weights";
  const std::string kUnknown = "\" is not known: \"mlp 784 50 10\" is one that is";
  const struct {
    std::string spec, sentence;
  } cases[] = {
      {"", kUnknown},
      {"mlp", kUnknown},
      {"mlp 784", kUnknown},
      {"mlp 784 ten", kUnknown},
      {"mlp 7.5 10", kUnknown},
      {"mpl 784 50 10", kUnknown},
      {"mlp 784 0 10", kSizes},
      {"mlp 784 -1 10", kSizes},
      {"mlp 10001 10000", kSizes},
      {"resnet 784 2001 2000 10", kSizes},
      {"mlp 99999999999999999999 2", kUnknown},
  };
  for (const auto& c : cases) {
    expect_error<std::invalid_argument>([&] { make_model(c.spec, generator); },
                                        "model \"" + c.spec + c.sentence);
  }
}

TEST(LoadModelTest, GivesBackWhatWasSaved) {
  const std::string path = testing::TempDir() + "/models_test";
  Generator generator(1);
  Sequential model = mlp({4, 3, 2}, generator);
  save_state(path, model, model_metadata("mlp 4 3 2", 0.13066, 0.3081),
             {{"momentum.0", zeros(3, 4)}});
  TrainedModel trained = load_model(path);
  EXPECT_EQ(trained.spec, "mlp 4 3 2");
  EXPECT_EQ(trained.mean, 0.13066);
  EXPECT_EQ(trained.std, 0.3081);
  const Tensor images = rand({5, 4}, generator);
  expect_close(trained.logits(images), model((images - 0.13066) / 0.3081));
}

// As after a training at too high a rate.
TEST(TrainedModelTest, DoesNotAnswerWithWhatIsNoNumber) {
  for (const float bad : {kNan, -kInf}) {
    Generator generator(1);
    TrainedModel trained{"mlp 4 2", mlp({4, 2}, generator)};
    EXPECT_EQ(trained.logits(zeros(0, 4)).shape(), Shape({0, 2}));
    trained.model.parameters()[1](1) = bad;
    expect_error<DataError>(
        [&] { trained.logits(ones(3, 4)); },
        "model \"mlp 4 2\" answers with numbers that are not finite: its training went astray");
  }
}

// The running statistics are part of the state: without them the answers would be others.
TEST(LoadModelTest, GivesBackWhatBatchNormHasSeen) {
  const std::string path = testing::TempDir() + "/models_test";
  for (const std::string spec : {"resnet 16 2 3 4", "convnet 16 2 3 4"}) {
    Generator generator(2);
    Sequential model = make_model(spec, generator);
    const Tensor images = rand({5, 16}, generator);
    for (int i = 0; i < 3; ++i) model(images * 2 + 1);
    save_state(path, model, model_metadata(spec, 0, 1));
    model.eval();
    expect_equal(load_model(path).logits(images), model(images));
  }
}

TEST(LoadModelTest, SaysWhatAFileLacks) {
  const std::string path = testing::TempDir() + "/models_test";
  const std::string kMetadata =
      ": its metadata should have a \"model\", such as \"mlp 784 50 10\", and the \"mean\" and "
      "\"std\" of its training set";
  const struct {
    Metadata metadata;
    std::string sentence;
  } cases[] = {
      {{}, kMetadata},
      {{{"model", "mlp 4 3 2"}, {"mean", "0"}}, kMetadata},
      {{{"model", "mlp 4 3 2"}, {"mean", "zero"}, {"std", "1"}}, kMetadata},
      {{{"model", "mlp 4 3 2"}, {"mean", "0"}, {"std", "0"}}, kMetadata},
      {{{"model", "mlp 4 3 2"}, {"mean", "nan"}, {"std", "1"}}, kMetadata},
      {{{"model", "cnn"}, {"mean", "0"}, {"std", "1"}},
       ": model \"cnn\" is not known: \"mlp 784 50 10\" is one that is"},
      {{{"model", "resnet 5 3 2"}, {"mean", "0"}, {"std", "1"}},
       ": resnet() needs the pixels of a square image, the channels of its layers and the number "
       "of classes, but got [5, 3, 2]"},
      {{{"model", "mlp 4 3 3"}, {"mean", "0"}, {"std", "1"}},
       ": tensor '2.bias' is float [2], but the model's is float [3]"},
  };
  Generator generator(1);
  const Sequential model = mlp({4, 3, 2}, generator);
  for (const auto& c : cases) {
    save_state(path, model, c.metadata);
    expect_error<DataError>([&] { load_model(path); }, path + c.sentence);
  }
}

}  // namespace
}  // namespace foundations::nn
