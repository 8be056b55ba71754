package dev.quintai.benchmarks.divergence;
import dev.quintai.core.*; import dev.quintai.core.event.*; import dev.quintai.core.platform.PlatformDetector; import dev.quintai.divergence.*;
import java.util.*;
public class Quick { public static void main(String[] a) {
  int n=Integer.parseInt(a[0]); int warm=Integer.parseInt(a[1]); int rounds=Integer.parseInt(a[2]);
  Mix mix=new Mix(n); SessionTracker tr=new SessionTracker("m", PlatformDetector.defaults(), 1<<20); DivergenceDetector gate=new DivergenceDetector();
  Map<String,Integer> types=new TreeMap<>();
  Map<Session,SessionMatcher> ms=new IdentityHashMap<>();
  System.gc(); long base=Runtime.getRuntime().totalMemory()-Runtime.getRuntime().freeMemory();
  for (Event e: mix.starts()) { Session s=tr.observe(e); SessionMatcher m=gate.open(s,new SessionFacts(),f->{types.merge(f.type(),1,Integer::sum); }); ms.put(s,m); m.on(e); }
  long events=0, nanos=0;
  for (int r=0;r<warm+rounds;r++) { Event[] ev=mix.next(20);
    if (r==warm) { events=0; nanos=0; }
    var tb=java.lang.management.ManagementFactory.getThreadMXBean(); long t=tb.getCurrentThreadCpuTime();
    for (Event e: ev) { Session s=tr.observe(e); if (s!=null) ms.get(s).on(e); }
    tr.advance(ev[ev.length-1].timeNanos());
    long d=tb.getCurrentThreadCpuTime()-t; nanos+=d; events+=ev.length;
    if (r%10==0) System.out.printf("%d s: %.0f ns/event%n", (r+1)*10, d/(double)ev.length);
  }
  System.out.printf("ours %.0f ns/event  %.2f M/s unattributed %d%n", nanos/(double)events, events*1e3/nanos, tr.unattributed());
  System.gc(); long used=Runtime.getRuntime().totalMemory()-Runtime.getRuntime().freeMemory()-base;
  long est=0,max=0; for (var m: ms.values()) { long b=m.stateBytes(); est+=b; max=Math.max(max,b);} 
  System.out.println("heap/session "+used/n+" est/session "+est/n+" max "+max+" "+types+" sessions "+tr.sessions().size());
}}
