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
    /// Stored as [depth, rows], `step` floats from one k to the next.
    pub a: *const f32,
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

/// Computes a tile of at most ROWS rows and VECTORS vectors of columns (with fewer than 16 lanes, 6).
#[inline(always)]
pub unsafe fn tile_of<V: Vector, const ROWS: usize, const VECTORS: usize>(tile: &Tile) {
    let vectors = tile.columns.div_ceil(V::LANES);
    macro_rules! by_vectors {
        ($r:literal: $($v:literal)*) => {
            match vectors {
                $($v if $r <= ROWS && $v <= VECTORS && ($v <= 6 || V::LANES >= 16) => unsafe {
                    compute::<V, $r, $v>(tile)
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

/// R rows and N vectors. The columns may cut the last vector.
#[allow(clippy::needless_range_loop)]
#[inline(always)]
unsafe fn compute<V: Vector, const R: usize, const N: usize>(tile: &Tile) {
    unsafe {
        let Tile { mut a, step, mut b, ldb, c, ldc, depth, columns, start, .. } = *tile;
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
            a = a.add(step);
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
