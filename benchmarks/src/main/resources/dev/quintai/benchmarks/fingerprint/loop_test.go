package goref

import "testing"

// What choosing a hashed key costs in the benchmarks of single sketches.
func BenchmarkChooseKey(b *testing.B) {
	var hashes [200]uint64
	for i, name := range zipfW.Tools {
		hashes[i] = Hash(name)
	}
	b.ResetTimer()
	var sum uint64
	for i := 0; i < b.N; i++ {
		sum += hashes[zipfW.EvTool[i&(nEvents-1)]]
	}
	sink += sum
}
