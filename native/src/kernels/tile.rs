//! Tiles of a product, whose sums stay in registers.
use crate::vector::Vector;

/// Initial values of the sums.
#[derive(Clone, Copy)]
pub enum Start {
    /// The values of the output.
    Output,
    Zero,
    /// The same row for all rows of the output.
    Row(*const f32),
}

impl Start {
    /// The initial values from a column on.
    #[inline(always)]
    pub unsafe fn from_column(self, column: usize) -> Start {
        match self {
            Start::Row(row) => Start::Row(unsafe { row.add(column) }),
            other => other,
        }
    }
}

/// c[rows, columns] = start + A b, for at most 8 rows and 9 vectors of columns. Strides are in floats.
#[derive(Clone, Copy)]
pub struct Tile {
    /// Rows of A are `row` floats apart, and columns `step` floats.
    pub a: *const f32,
    pub row: usize,
    pub step: usize,
    pub b: *const f32,
    pub ldb: usize,
    pub c: *mut f32,
    pub ldc: usize,
    pub depth: usize,
    pub rows: usize,
    pub columns: usize,
    pub start: Start,
}

/// Returns the next part of `left`, for parts of nearly equal size and at most `most`.
#[inline(always)]
pub fn even_share(left: usize, most: usize) -> usize {
    left.div_ceil(left.div_ceil(most))
}

/// Computes a tile of at most ROWS rows and VECTORS vectors of columns (with fewer than 16 lanes, 6). Where
/// the last vector needs at most half its lanes, a half vector takes its place.
#[inline(always)]
pub unsafe fn tile_of<V: Vector, const ROWS: usize, const VECTORS: usize>(tile: &Tile) {
    let vectors = tile.columns.div_ceil(V::LANES);
    let halves = V::Half::LANES < V::LANES && (tile.columns - 1) % V::LANES < V::Half::LANES;
    macro_rules! by_vectors {
        ($r:literal: $($v:literal)*) => {
            match vectors {
                $($v if $r <= ROWS && $v <= VECTORS && ($v <= 6 || V::LANES >= 16) => unsafe {
                    if halves {
                        compute::<V, V::Half, $r, { $v - 1 }>(tile)
                    } else {
                        compute::<V, V, $r, { $v - 1 }>(tile)
                    }
                },)*
                _ => unreachable!("a tile of {vectors} vectors"),
            }
        };
    }
    macro_rules! by_rows {
        ($($r:literal)*) => {
            match tile.rows {
                $($r if $r <= ROWS => by_vectors!($r: 1 2 3 4 5 6 7 8 9),)*
                rows => unreachable!("a tile of {rows} rows"),
            }
        };
    }
    by_rows!(1 2 3 4 5 6 7 8)
}

/// R rows of N vectors and a last one, which the columns may cut.
#[allow(clippy::needless_range_loop)]
#[inline(always)]
unsafe fn compute<V: Vector, L: Vector, const R: usize, const N: usize>(tile: &Tile) {
    unsafe {
        let Tile { mut a, row, step, mut b, ldb, c, ldc, depth, columns, start, .. } = *tile;
        let mut sums = [[V::zero(); N]; R];
        let mut lasts = [L::zero(); R];
        let from = match start {
            Start::Zero => None,
            Start::Output => Some((c as *const f32, ldc)),
            Start::Row(row) => Some((row, 0)),
        };
        if let Some((from, distance)) = from {
            for r in 0..R {
                let from = from.add(r * distance);
                for v in 0..N {
                    sums[r][v] = V::load(from.add(v * V::LANES));
                }
                lasts[r] = L::load(from.add(N * V::LANES));
            }
        }
        for _ in 0..depth {
            let mut w = [V::zero(); N];
            for v in 0..N {
                w[v] = V::load(b.add(v * V::LANES));
            }
            let last = L::load(b.add(N * V::LANES));
            for r in 0..R {
                let s = *a.add(r * row);
                for v in 0..N {
                    sums[r][v] = sums[r][v].add_product(V::splat(s), w[v]);
                }
                lasts[r] = lasts[r].add_product(L::splat(s), last);
            }
            a = a.add(step);
            b = b.add(ldb);
        }
        for r in 0..R {
            let row = c.add(r * ldc);
            for v in 0..N {
                sums[r][v].store(row.add(v * V::LANES));
            }
            lasts[r].store_up_to(row.add(N * V::LANES), columns - N * V::LANES);
        }
    }
}
