#include "08_conv/grads.h"
#include "common/bench/stopwatch.h"
#include "common/tensor/random.h"
#include "common/tensor/ops.h"
#include "common/linalg/einsum.h"
#include "common/linalg/matmul.h"
#include <cstdio>
#include <algorithm>
#include <cstdlib>
using namespace foundations; using namespace foundations::ch08;
static void wg(const char* how,const Tensor& g0,const Tensor& x,const Tensor& weight,const Conv2dOptions& o){
  const Sizes s=sizes(x,weight,o); const Tensor p=strips(padded_channels_last(x,s.padding),s); const Tensor g=g0.permute(0,2,3,1);
  Tensor wgr=zeros(s.kh,s.kw*s.in,s.out);
  for(int ky=0;ky<s.kh;++ky){ if(how[0]=='e') wgr[ky]=einsum("nyxd,nyxj->dj",p(_,_,_,ky),g);
   else if(how[0]=='b') wgr[ky]=matmul(p(_,_,_,ky).transpose(2,3),g).sum({0,1});
   else if(how[0]=='g'||how[0]=='m'){ int im=std::max<int64_t>((how[0]=='g'?1<<15:1<<13)/(s.oh*s.ow*s.kw*s.in),1); for(int i=0;i<s.n;i+=im) wgr[ky]+=einsum("nyxd,nyxj->dj",p(Slice(i,i+im),_,_,ky),g(Slice(i,i+im))); }
   else if(how[0]=='c'){ if(ky) break; Tensor a=zeros(s.depth(),s.out); int im=std::max<int64_t>((1<<16)/(s.oh*s.ow*s.depth()),1); for(int i=0;i<s.n;i+=im) { Tensor q=p(Slice(i,i+im)), h=g(Slice(i,i+im)); int64_t r=q.size(0)*s.oh*s.ow; a+=matmul(q.reshape(r,s.depth()).t(),h.reshape(r,s.out)); } }
   else { for(int i=0;i<s.n;++i) wgr[ky]+=matmul(p(i,_,_,ky).transpose(1,2),g[i]).sum(0);} }
}
int main(){ struct C{int n,c,h,f,k,s;} cs[]={{256,1,28,8,5,2},{256,8,14,16,3,2},{256,16,7,32,3,2},{256,32,4,32,3,2},{256,8,28,8,3,1},{256,16,14,16,3,1},{256,32,7,32,3,1},{4,64,56,64,3,1}};
 Generator g(1);
 for (auto c: cs){ Tensor x=randn({c.n,c.h,c.h,c.c},g).permute(0,3,1,2), w=randn({c.f,c.c,c.k,c.k},g); Conv2dOptions o{c.s,c.k/2}; 
  Tensor want=conv2d(x,w,Tensor(),o); double flop=2.0*want.numel()*c.c*c.k*c.k; Tensor og=randn({c.n,want.size(2),want.size(3),c.f},g).permute(0,3,1,2); auto wantg=conv2d_backward(og,x,w,o);
  printf("%dx%dx%dx%d->%d k%d s%d:",c.n,c.c,c.h,c.h,c.f,c.k,c.s);
  for (auto& r: ch08::kConvolutions){ if(r.run==ch08::loops) continue; Tensor got=r.run(x,w,o); float e=(got-want).abs().max().item(); double t=fastest_run(0.15,[&]{r.run(x,w,o);}); printf("  %s %.2f ms %.0f GF (%.0e)",r.name.data(),t*1e3,flop/t/1e9,e);} 
  printf("\n   back:");
  for (auto& r: ch08::kBackwards){ if(r.run==ch08::loops_backward) continue; auto got=r.run(og,x,w,o); float e=(got.x-wantg.x).abs().max().item(), e2=(got.weight-wantg.weight).abs().max().item(); double t=fastest_run(0.15,[&]{r.run(og,x,w,o);}); printf("  %s %.2f ms %.0f GF (%.0e %.0e)",r.name.data(),t*1e3,2*flop/t/1e9,e,e2);} 
  for(const char* h:{"columns"}) printf("  %s %.2f",h,1e3*fastest_run(0.1,[&]{wg(h,og,x,w,o);}));
  printf("\n"); fflush(stdout);}
}
