//! Matrix product that all others use. Tiles of the output are in registers, and blocks of b stay in the
//! cache.
//!
//! Every element of the output starts from its initial value and adds its products in order of k. Neither the
//! tile nor the thread changes its bits.
use crate::scratch::{Slot, scratch};
use crate::vector::{Quad, Vector};

/// Initial values of the sums.
#[derive(Clone, Copy)]
pub enum Start {
    /// The values of the output.
    Output,
    Zero,
    /// The same row for all rows of the output.
    Row(*const f32),
}

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
const DEPTH: usize = 256;
/// Number of columns of b in a packed block, which then fits the second-level cache.
const WIDTH: usize = 768;
/// Largest number of rows of A for which b is read in place. Packing it would cost more than it saves.
const FEW: usize = 32;
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
                start: match self.start {
                    Start::Row(row) => Start::Row(row.add(from)),
                    other => other,
                },
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

    #[inline(always)]
    unsafe fn row(&self, i: usize) -> *const f32 {
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
        if p.transposed || p.m > FEW {
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

/// Packs b in panels of ROWS of columns, block by block.
#[inline(always)]
unsafe fn packed<V: Vector, const ROWS: usize, const VECTORS: usize>(p: &Product) {
    unsafe {
        let wide = VECTORS * V::LANES;
        let depth_most = DEPTH.min(p.k);
        let left = scratch(Slot::Left, depth_most * ROWS);
        let panels = WIDTH.min(p.n).div_ceil(wide);
        let right = scratch(Slot::Right, depth_most * panels * wide);
        let mut k0 = 0;
        while k0 < p.k {
            let depth = DEPTH.min(p.k - k0);
            let mut j0 = 0;
            while j0 < p.n {
                let columns = WIDTH.min(p.n - j0);
                pack_right::<V>(p, k0, depth, j0, columns, wide, right);
                let start = if k0 == 0 { p.start } else { Start::Output };
                let mut i = 0;
                while i < p.m {
                    let rows = ROWS.min(p.m - i);
                    pack_left(p, i, rows, k0, depth, left);
                    let mut j = 0;
                    while j < columns {
                        let panel = right.add(j * depth);
                        let c = p.c.add(i * p.ldc + j0 + j);
                        let here = wide.min(columns - j);
                        let start = shifted(start, j0 + j);
                        tile_of::<V, ROWS, VECTORS>(rows, left, panel, wide, c, p.ldc, depth, here, start);
                        j += wide;
                    }
                    i += rows;
                }
                j0 += columns;
            }
            k0 += depth;
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
        let mut k0 = 0;
        while k0 < p.k {
            let depth = block.min(p.k - k0);
            let start = if k0 == 0 { p.start } else { Start::Output };
            let mut i = 0;
            while i < p.m {
                let rows = 2.min(p.m - i);
                pack_left(p, i, rows, k0, depth, left);
                let mut j = 0;
                while j < p.n {
                    let vectors = even_share((p.n - j).div_ceil(V::LANES), most);
                    let here = (vectors * V::LANES).min(p.n - j);
                    let (b, c) = (p.b.add(k0 * p.ldb + j), p.c.add(i * p.ldc + j));
                    let start = shifted(start, j);
                    if rows == 2 {
                        wide_tile::<V, 2>(vectors, left, b, p.ldb, c, p.ldc, depth, here, start);
                    } else {
                        wide_tile::<V, 1>(vectors, left, b, p.ldb, c, p.ldc, depth, here, start);
                    }
                    j += here;
                }
                i += rows;
            }
            k0 += depth;
        }
    }
}

#[inline(always)]
unsafe fn shifted(start: Start, columns: usize) -> Start {
    match start {
        Start::Row(row) => Start::Row(unsafe { row.add(columns) }),
        other => other,
    }
}

/// Returns the next part of `left`, for parts of nearly equal size and at most `most`.
#[inline(always)]
pub fn even_share(left: usize, most: usize) -> usize {
    left.div_ceil(left.div_ceil(most))
}

/// Packs rows i .. i + rows of A as [depth][rows], times the scale.
#[inline(always)]
unsafe fn pack_left(p: &Product, i: usize, rows: usize, k0: usize, depth: usize, to: *mut f32) {
    unsafe {
        if p.column_step == 1 {
            let mut r = 0;
            while r + 4 <= rows {
                let from = [p.row(i + r), p.row(i + r + 1), p.row(i + r + 2), p.row(i + r + 3)];
                let from = from.map(|row| row.add(k0));
                transpose_four(from, depth, to.add(r), rows);
                r += 4;
            }
            while r < rows {
                let from = p.row(i + r).add(k0);
                for q in 0..depth {
                    *to.add(q * rows + r) = *from.add(q);
                }
                r += 1;
            }
        } else if p.row_step == 1 && p.indices.is_null() {
            let mut from = p.a.add(i + k0 * p.column_step);
            for q in 0..depth {
                copy_few(from, to.add(q * rows), rows);
                from = from.add(p.column_step);
            }
        } else {
            for r in 0..rows {
                let from = p.row(i + r).add(k0 * p.column_step);
                for q in 0..depth {
                    *to.add(q * rows + r) = *from.add(q * p.column_step);
                }
            }
        }
        if p.scale != 1.0 {
            for q in 0..depth * rows {
                *to.add(q) *= p.scale;
            }
        }
    }
}

#[inline(always)]
unsafe fn copy_few(from: *const f32, to: *mut f32, count: usize) {
    unsafe {
        if count > 4 {
            // Later rows overwrite what is too much. The work space has room for it after the last one.
            Quad::load(from).store(to);
            Quad::load(from.add(4)).store(to.add(4));
            return;
        }
        for r in 0..count {
            *to.add(r) = *from.add(r);
        }
    }
}

/// Writes four rows of `length` as columns of `to`, whose rows are `step` floats apart.
#[inline(always)]
unsafe fn transpose_four(rows: [*const f32; 4], length: usize, to: *mut f32, step: usize) {
    unsafe {
        let mut q = 0;
        while q + 4 <= length {
            let block = [
                Quad::load(rows[0].add(q)),
                Quad::load(rows[1].add(q)),
                Quad::load(rows[2].add(q)),
                Quad::load(rows[3].add(q)),
            ];
            let columns = Quad::transpose(block);
            for (at, column) in columns.into_iter().enumerate() {
                column.store(to.add((q + at) * step));
            }
            q += 4;
        }
        while q < length {
            for (r, row) in rows.iter().enumerate() {
                *to.add(q * step + r) = *row.add(q);
            }
            q += 1;
        }
    }
}

/// Packs a block of b as panels [depth][wide]. Fills the last panel with zeros.
#[inline(always)]
unsafe fn pack_right<V: Vector>(
    p: &Product,
    k0: usize,
    depth: usize,
    j0: usize,
    columns: usize,
    wide: usize,
    to: *mut f32,
) {
    unsafe {
        let mut j = 0;
        while j < columns {
            let here = wide.min(columns - j);
            let panel = to.add(j * depth);
            if here < wide {
                panel.write_bytes(0, depth * wide);
            }
            if p.transposed {
                let from = p.b.add((j0 + j) * p.ldb + k0);
                let mut r = 0;
                while r + 4 <= here {
                    let row = from.add(r * p.ldb);
                    let rows = [row, row.add(p.ldb), row.add(2 * p.ldb), row.add(3 * p.ldb)];
                    transpose_four(rows, depth, panel.add(r), wide);
                    r += 4;
                }
                while r < here {
                    let row = from.add(r * p.ldb);
                    for q in 0..depth {
                        *panel.add(q * wide + r) = *row.add(q);
                    }
                    r += 1;
                }
            } else {
                let from = p.b.add(k0 * p.ldb + j0 + j);
                for q in 0..depth {
                    let (row, into) = (from.add(q * p.ldb), panel.add(q * wide));
                    let mut v = 0;
                    while v + V::LANES <= here {
                        V::load(row.add(v)).store(into.add(v));
                        v += V::LANES;
                    }
                    if v < here {
                        V::load(row.add(v)).store_first(into.add(v), here - v);
                    }
                }
            }
            j += wide;
        }
    }
}

/// Computes the tile of `rows` rows and `columns` columns.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
unsafe fn tile_of<V: Vector, const ROWS: usize, const VECTORS: usize>(
    rows: usize,
    a: *const f32,
    b: *const f32,
    ldb: usize,
    c: *mut f32,
    ldc: usize,
    depth: usize,
    columns: usize,
    start: Start,
) {
    macro_rules! go {
        ($r:literal, $v:literal) => {
            if $r <= ROWS && $v <= VECTORS {
                return unsafe { tile::<V, $r, $v>(a, b, ldb, c, ldc, depth, columns, start) };
            }
        };
    }
    let vectors = columns.div_ceil(V::LANES);
    macro_rules! by_vectors {
        ($r:literal) => {
            match vectors {
                1 => go!($r, 1),
                2 => go!($r, 2),
                _ => go!($r, 3),
            }
        };
    }
    match rows {
        1 => by_vectors!(1),
        2 => by_vectors!(2),
        3 => by_vectors!(3),
        4 => by_vectors!(4),
        5 => by_vectors!(5),
        6 => by_vectors!(6),
        7 => by_vectors!(7),
        _ => by_vectors!(8),
    }
    unreachable!("a tile of {rows} x {vectors} vectors");
}

/// Computes the tile of R rows and up to 9 vectors of columns (with fewer than 16 lanes, up to 6).
#[allow(clippy::too_many_arguments)]
#[inline(always)]
unsafe fn wide_tile<V: Vector, const R: usize>(
    vectors: usize,
    a: *const f32,
    b: *const f32,
    ldb: usize,
    c: *mut f32,
    ldc: usize,
    depth: usize,
    columns: usize,
    start: Start,
) {
    macro_rules! by_vectors {
        ($($n:literal)*) => {
            match vectors {
                $($n if $n <= 6 || V::LANES >= 16 => unsafe {
                    tile::<V, R, $n>(a, b, ldb, c, ldc, depth, columns, start)
                },)*
                _ => unreachable!("a tile of {vectors} vectors"),
            }
        };
    }
    by_vectors!(1 2 3 4 5 6 7 8 9)
}

/// R rows and N vectors of columns. `columns` may cut the last vector.
#[allow(clippy::too_many_arguments, clippy::needless_range_loop)]
#[inline(always)]
unsafe fn tile<V: Vector, const R: usize, const N: usize>(
    a: *const f32,
    b: *const f32,
    ldb: usize,
    c: *mut f32,
    ldc: usize,
    depth: usize,
    columns: usize,
    start: Start,
) {
    unsafe {
        let mut sums = [[V::zero(); N]; R];
        match start {
            Start::Zero => {}
            Start::Output => {
                for r in 0..R {
                    for v in 0..N {
                        sums[r][v] = V::load(c.add(r * ldc + v * V::LANES));
                    }
                }
            }
            Start::Row(row) => {
                for r in 0..R {
                    for v in 0..N {
                        sums[r][v] = V::load(row.add(v * V::LANES));
                    }
                }
            }
        }
        let (mut a, mut b) = (a, b);
        for _ in 0..depth {
            let mut w = [V::zero(); N];
            for v in 0..N {
                w[v] = V::load(b.add(v * V::LANES));
            }
            for r in 0..R {
                let s = V::splat(*a.add(r));
                for v in 0..N {
                    sums[r][v] = sums[r][v].add_product(s, w[v]);
                }
            }
            a = a.add(R);
            b = b.add(ldb);
        }
        for r in 0..R {
            let row = c.add(r * ldc);
            for v in 0..N - 1 {
                sums[r][v].store(row.add(v * V::LANES));
            }
            sums[r][N - 1].store_up_to(row.add((N - 1) * V::LANES), columns - (N - 1) * V::LANES);
        }
    }
}
