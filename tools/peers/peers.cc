#include "tools/peers/peers.h"

#if !__has_include(<cblas.h>) || !__has_include(<blis.h>) || \
    !__has_include(<eigen3/Eigen/Core>) || !__has_include(<dnnl.h>)
#error "this needs: apt-get install libopenblas-dev libblis-dev libeigen3-dev libdnnl-dev"
#endif
#include <blis.h>
#include <cblas.h>
#include <dnnl.h>

#include <eigen3/Eigen/Core>

#include "common/base/openmp.h"

extern "C" void openblas_set_num_threads(int threads);
extern "C" char* openblas_get_corename(void);

namespace foundations {
namespace {

// Both OpenBLAS and BLIS define cblas_sgemm. The program is linked with OpenBLAS first, so this one
// is OpenBLAS's, and BLIS is called by its own name.
void openblas(const Problem& x, const float* a, const float* b, float* c) {
  cblas_sgemm(CblasRowMajor, x.a_transposed ? CblasTrans : CblasNoTrans,
              x.b_transposed ? CblasTrans : CblasNoTrans, x.m, x.n, x.k, 1, a,
              x.a_transposed ? x.m : x.k, b, x.b_transposed ? x.k : x.n, 0, c, x.n);
}

void blis(const Problem& x, const float* a, const float* b, float* c) {
  float one = 1, zero = 0;
  bli_sgemm(BLIS_NO_TRANSPOSE, BLIS_NO_TRANSPOSE, x.m, x.n, x.k, &one, const_cast<float*>(a),
            x.a_transposed ? 1 : x.k, x.a_transposed ? x.m : 1, const_cast<float*>(b),
            x.b_transposed ? 1 : x.n, x.b_transposed ? x.k : 1, &zero, c, x.n, 1);
}

void onednn(const Problem& x, const float* a, const float* b, float* c) {
  dnnl_sgemm(x.a_transposed ? 'T' : 'N', x.b_transposed ? 'T' : 'N', x.m, x.n, x.k, 1, a,
             x.a_transposed ? x.m : x.k, b, x.b_transposed ? x.k : x.n, 0, c, x.n);
}

template <int kOrder>
using Map = Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, kOrder>>;
void eigen(const Problem& x, const float* a, const float* b, float* c) {
  Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> product(c, x.m,
                                                                                            x.n);
  const Map<Eigen::RowMajor> a_rows(a, x.m, x.k), b_rows(b, x.k, x.n);
  const Map<Eigen::ColMajor> a_columns(a, x.m, x.k), b_columns(b, x.k, x.n);
  if (x.a_transposed && x.b_transposed) {
    product.noalias() = a_columns * b_columns;
  } else if (x.a_transposed) {
    product.noalias() = a_columns * b_rows;
  } else if (x.b_transposed) {
    product.noalias() = a_rows * b_columns;
  } else {
    product.noalias() = a_rows * b_rows;
  }
}

}  // namespace

const std::vector<Peer>& peers() {
  static const std::vector<Peer> all = {
      {"OpenBLAS", openblas_set_num_threads, openblas},
      {"BLIS", [](int threads) { bli_thread_set_num_threads(threads); }, blis},
      {"Eigen", [](int threads) { Eigen::setNbThreads(threads); }, eigen},
      {"oneDNN", set_threads, onednn},
  };
  return all;
}

std::string kernels() {
  bli_init();  // must come before BLIS_ARCH_TYPE is read
  return std::string("OpenBLAS for ") + openblas_get_corename() + ", BLIS for " +
         bli_arch_string(bli_arch_query_id());
}

}  // namespace foundations
