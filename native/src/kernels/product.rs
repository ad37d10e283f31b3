//! Matrix product that all others use. Tiles of the output are in registers, and blocks of b stay in the
//! cache.
//!
//! Every element of the output starts from its initial value and adds its products in order of k. Neither the
//! tile nor the thread changes its bits.
use super::pack::{pack_left, pack_right};
use super::tile::{Tile, even_share, tile_of};
pub use super::tile::Start;
use crate::scratch::{Slot, scratch};
use crate::vector::Vector;

/// c[m, n] = start + A b. Strides are in floats.
#[derive(Clone, Copy)]
pub struct Product {
    pub a: *const f32,
    /// Row i of A is row `indices[i]`; null: row i.
    pub indices: *const i32,
    pub row_step: usize,
    pub column_step: usize,
    /// Factor on a, applied while packing.
    pub scale: f32,
    pub b: *const f32,
    pub ldb: usize,
    /// b is stored [n, k].
    pub transposed: bool,
    pub c: *mut f32,
    pub ldc: usize,
    pub m: usize,
    pub n: usize,
    pub k: usize,
    pub start: Start,
}

/// Number of rows of b in a block.
const DEPTH: usize = 128;
/// Number of rows of A in a packed block: whole groups of 4, 6 or 8.
const LEFT: usize = 96;
/// Number of columns of b in a packed block, which then fits the second-level cache.
const WIDTH: usize = 768;
/// Largest number of rows of A for which b is read in place. Packing it would cost more than it saves.
const FEW: usize = 32;
/// Largest distance of the columns of a transposed A, in floats, that is read in place.
const CLOSE: usize = 96;
/// Largest number of rows of A that use a small b, and largest distance of its rows in floats. Rows further
/// apart compete for few cache lines.
const SMALL: usize = 128;
const NEIGHBOURS: usize = 256;
/// Size in bytes of a block of b that is read in place.
const NEAR: usize = 1 << 15;

impl Product {
    /// Columns `from .. to` of the output.
    pub unsafe fn columns(&self, from: usize, to: usize) -> Product {
        unsafe {
            Product {
                b: self.b.add(if self.transposed { from * self.ldb } else { from }),
                c: self.c.add(from),
                n: to - from,
                start: self.start.from_column(from),
                ..*self
            }
        }
    }

    /// Rows `from .. to` of the output.
    pub unsafe fn rows(&self, from: usize, to: usize) -> Product {
        unsafe {
            let indexed = !self.indices.is_null();
            Product {
                a: if indexed { self.a } else { self.a.add(from * self.row_step) },
                indices: if indexed { self.indices.add(from) } else { self.indices },
                c: self.c.add(from * self.ldc),
                m: to - from,
                ..*self
            }
        }
    }

    /// Whether A is read in place: columns in the order of memory, or rows near one another.
    fn is_ready(&self) -> bool {
        let near = self.column_step == 1 || (self.row_step == 1 && self.column_step <= CLOSE);
        near && self.indices.is_null() && self.scale == 1.0
    }

    /// Whether packing b would cost more than it saves: b is one panel and few rows use it.
    fn is_small(&self, panel: usize) -> bool {
        !self.transposed && self.n <= panel && self.m <= SMALL && self.ldb <= NEIGHBOURS
    }

    #[inline(always)]
    pub unsafe fn row(&self, i: usize) -> *const f32 {
        unsafe {
            let place = if self.indices.is_null() { i } else { *self.indices.add(i) as usize };
            self.a.add(place * self.row_step)
        }
    }
}

/// The whole product, on one thread.
#[inline(always)]
pub unsafe fn product<V: Vector, const ROWS: usize, const VECTORS: usize>(p: &Product) {
    unsafe {
        if p.m == 0 || p.n == 0 {
            return;
        }
        if p.k == 0 {
            return start_only(p);
        }
        if p.transposed || p.m > FEW || p.is_small(V::LANES * VECTORS) {
            packed::<V, ROWS, VECTORS>(p)
        } else {
            in_place::<V>(p)
        }
    }
}

unsafe fn start_only(p: &Product) {
    unsafe {
        for i in 0..p.m {
            let row = p.c.add(i * p.ldc);
            match p.start {
                Start::Output => {}
                Start::Zero => row.write_bytes(0, p.n),
                Start::Row(from) => row.copy_from_nonoverlapping(from, p.n),
            }
        }
    }
}

/// Packs a block of b in panels of columns, and blocks of A in groups of ROWS rows. A panel stays in the
/// first-level cache while all groups use it.
#[inline(always)]
unsafe fn packed<V: Vector, const ROWS: usize, const VECTORS: usize>(p: &Product) {
    unsafe {
        let wide = V::LANES * even_share(WIDTH.min(p.n).div_ceil(V::LANES), VECTORS);
        let depth_most = DEPTH.min(p.k);
        let ready = p.is_ready();
        let rows_most = if ready { 0 } else { LEFT.min(p.m).next_multiple_of(ROWS) };
        let left = scratch(Slot::Left, depth_most * rows_most);
        let panels = WIDTH.min(p.n).div_ceil(wide);
        let small = p.is_small(V::LANES * VECTORS);
        let right = scratch(Slot::Right, if small { 0 } else { depth_most * panels * wide });
        for k0 in (0..p.k).step_by(DEPTH) {
            let depth = DEPTH.min(p.k - k0);
            let start = if k0 == 0 { p.start } else { Start::Output };
            for j0 in (0..p.n).step_by(WIDTH) {
                let columns = WIDTH.min(p.n - j0);
                if !small {
                    pack_right::<V>(p, k0, depth, j0, columns, wide, right);
                }
                for i0 in (0..p.m).step_by(LEFT) {
                    let rows = LEFT.min(p.m - i0);
                    if !ready {
                        for i in (0..rows).step_by(ROWS) {
                            pack_left(p, i0 + i, ROWS.min(rows - i), k0, depth, left.add(i * depth));
                        }
                    }
                    for j in (0..columns).step_by(wide) {
                        for i in (0..rows).step_by(ROWS) {
                            let tall = ROWS.min(rows - i);
                            tile_of::<V, ROWS, VECTORS>(&Tile {
                                a: if ready {
                                    p.a.add((i0 + i) * p.row_step + k0 * p.column_step)
                                } else {
                                    left.add(i * depth)
                                },
                                row: if ready { p.row_step } else { 1 },
                                step: if ready { p.column_step } else { tall },
                                b: if small { p.b.add(k0 * p.ldb) } else { right.add(j * depth) },
                                ldb: if small { p.ldb } else { wide },
                                c: p.c.add((i0 + i) * p.ldc + j0 + j),
                                ldc: p.ldc,
                                depth,
                                rows: tall,
                                columns: wide.min(columns - j),
                                start: start.from_column(j0 + j),
                            });
                        }
                    }
                }
            }
        }
    }
}

/// Reads b in place, in blocks that stay in the first-level cache while all rows of A use them. A tile has
/// few rows and many columns, so that the first of them reads b in the order of memory.
#[inline(always)]
unsafe fn in_place<V: Vector>(p: &Product) {
    unsafe {
        let most = if V::LANES >= 16 { 9 } else { 6 };
        let block = (NEAR / (4 * p.n)).clamp(16, DEPTH);
        let left = scratch(Slot::Left, block.min(p.k) * 2);
        for k0 in (0..p.k).step_by(block) {
            let depth = block.min(p.k - k0);
            let start = if k0 == 0 { p.start } else { Start::Output };
            for i in (0..p.m).step_by(2) {
                let rows = 2.min(p.m - i);
                pack_left(p, i, rows, k0, depth, left);
                let mut j = 0;
                while j < p.n {
                    let vectors = even_share((p.n - j).div_ceil(V::LANES), most);
                    let columns = (vectors * V::LANES).min(p.n - j);
                    tile_of::<V, 2, 9>(&Tile {
                        a: left,
                        row: 1,
                        step: rows,
                        b: p.b.add(k0 * p.ldb + j),
                        ldb: p.ldb,
                        c: p.c.add(i * p.ldc + j),
                        ldc: p.ldc,
                        depth,
                        rows,
                        columns,
                        start: start.from_column(j),
                    });
                    j += columns;
                }
            }
        }
    }
}
