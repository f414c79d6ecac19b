//! The vectors of many passages, a byte a component, and the exact search for those nearest to a query.
//!
//! A row is quantised to whole numbers from -127 to 127 with one scale, which gives it length one again. The query is
//! quantised much finer, as far as the sum of products surely fits 32 bits: with as little arithmetic as bytes on both
//! sides would take, only the rows lose anything. Sums of whole numbers do not depend on the order in which a compiler
//! adds them, so equal input gives equal scores on every machine.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::Error;

/// First bytes of the form in which a matrix is kept.
const MAGIC: [u8; 8] = *b"vectors1";
/// Bytes before the scales: the magic, the number of dimensions and of rows.
const HEADER: usize = 16;
/// Largest whole number of a row's component.
const FINEST: f32 = 127.0;
/// Most dimensions of a vector.
const MOST_DIMENSIONS: usize = 4096;

/// Vectors of one encoder, a row each.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    dimensions: usize,
    /// What the components of each row are to be multiplied by.
    scales: Vec<f32>,
    /// Row after row its components.
    rows: Vec<i8>,
}

/// A query, ready to be compared with the rows of a matrix.
#[derive(Clone, Debug)]
pub struct Probe<'a> {
    matrix: &'a Matrix,
    query: Vec<i16>,
    scale: f32,
}

impl Matrix {
    /// A matrix without rows.
    ///
    /// # Errors
    /// [`Error::Matrix`] where there are no dimensions, or more than 4,096.
    pub fn new(dimensions: usize) -> Result<Matrix, Error> {
        if dimensions == 0 || dimensions > MOST_DIMENSIONS {
            return Err(Error::Matrix(format!("{dimensions} dimensions are not from 1 to {MOST_DIMENSIONS}")));
        }
        Ok(Matrix { dimensions, scales: Vec::new(), rows: Vec::new() })
    }

    /// Number of components of each row.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// Bytes that it takes.
    pub fn size(&self) -> usize {
        self.rows.len() + 4 * self.scales.len()
    }

    /// Adds a vector as the last row.
    ///
    /// # Errors
    /// [`Error::Matrix`] where it has another number of components, or one that is no number.
    pub fn push(&mut self, vector: &[f32]) -> Result<(), Error> {
        if vector.len() != self.dimensions || !vector.iter().all(|component| component.is_finite()) {
            let (found, wanted) = (vector.len(), self.dimensions);
            return Err(Error::Matrix(format!("a vector of {found} components is no row of {wanted} numbers")));
        }
        let largest = largest(vector);
        let whole = |component: &f32| if largest > 0.0 { (component / largest * FINEST).round() } else { 0.0 };
        let begin = self.rows.len();
        // From -127 to 127, so nothing is cut off.
        self.rows.extend(vector.iter().map(|component| whole(component) as i8));
        let row = self.rows.get(begin..).unwrap_or_default();
        let (length, kept) = (length(vector.iter().copied()), length(row.iter().map(|whole| f32::from(*whole))));
        self.scales.push(if kept > 0.0 { (length / kept) as f32 } else { 0.0 });
        Ok(())
    }

    /// Adds rows of another matrix as they are.
    ///
    /// # Errors
    /// [`Error::Matrix`] where the other has other dimensions or lacks one of the rows.
    pub fn take_over(&mut self, other: &Matrix, rows: impl IntoIterator<Item = u32>) -> Result<(), Error> {
        if other.dimensions != self.dimensions {
            let (found, wanted) = (other.dimensions, self.dimensions);
            return Err(Error::Matrix(format!("rows of {found} dimensions do not go with rows of {wanted}")));
        }
        for row in rows {
            let (scale, components) =
                other.row(row).ok_or_else(|| Error::Matrix(format!("row {row} of {} is not there", other.len())))?;
            self.rows.extend_from_slice(components);
            self.scales.push(scale);
        }
        Ok(())
    }

    /// Adds all rows of another matrix as they are.
    ///
    /// # Errors
    /// [`Error::Matrix`] where the other has other dimensions.
    pub fn append(&mut self, other: &Matrix) -> Result<(), Error> {
        self.take_over(other, (0..other.len()).filter_map(|row| u32::try_from(row).ok()))
    }

    /// The form in which it is kept: `vectors1`, dimensions and rows as 32-bit numbers, the scales as 32-bit floats, the
    /// rows as bytes with sign; all little endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.size());
        bytes.extend_from_slice(&MAGIC);
        for count in [self.dimensions, self.len()] {
            // A matrix of 4,294,967,296 rows is larger than any memory it could have been made in.
            bytes.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
        }
        bytes.extend(self.scales.iter().flat_map(|scale| scale.to_le_bytes()));
        bytes.extend(self.rows.iter().map(|component| component.cast_unsigned()));
        bytes
    }

    /// Reads what [`Matrix::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::Matrix`] where it is something else, too short, too long, or has a scale that is no number.
    pub fn from_bytes(bytes: &[u8]) -> Result<Matrix, Error> {
        let wrong = |reason: String| Error::Matrix(reason);
        let (header, rest) =
            bytes.split_first_chunk::<HEADER>().ok_or_else(|| wrong(format!("{} bytes are too few", bytes.len())))?;
        let (words, _) = header.as_chunks::<4>();
        let [_, _, dimensions, rows] = words else { return Err(wrong("the header is too short".to_owned())) };
        if !header.starts_with(&MAGIC) {
            return Err(wrong("this is no file of vectors".to_owned()));
        }
        let number = |bytes: &[u8; 4]| usize::try_from(u32::from_le_bytes(*bytes)).unwrap_or(usize::MAX);
        let mut matrix = Matrix::new(number(dimensions))?;
        let rows = number(rows);
        let expected = rows.checked_mul(matrix.dimensions + 4);
        if expected != Some(rest.len()) {
            let dimensions = matrix.dimensions;
            return Err(wrong(format!("{} bytes are not {rows} rows of {dimensions} dimensions", rest.len())));
        }
        let (scales, components) = rest.split_at(4 * rows);
        matrix.scales = scales.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if let Some(row) = matrix.scales.iter().position(|scale| !scale.is_finite() || *scale < 0.0) {
            return Err(wrong(format!("the scale of row {row} is {}", matrix.scales[row])));
        }
        matrix.rows = components.iter().map(|component| component.cast_signed()).collect();
        Ok(matrix)
    }

    /// Makes a query ready to be compared; worth it where it is compared more than once.
    ///
    /// Components beyond the matrix's dimensions are left out, missing ones are 0.
    pub fn probe(&self, query: &[f32]) -> Probe<'_> {
        let largest = largest(query);
        // The largest sum of products is this times 128 times the number of dimensions.
        let finest = (i32::MAX / 128 / i32::try_from(self.dimensions).unwrap_or(i32::MAX)).min(i32::from(i16::MAX));
        let usable = largest > 0.0 && largest.is_finite();
        let factor = if usable { finest as f32 / largest } else { 0.0 };
        // A component that is no number becomes 0.
        let whole = query.iter().map(|component| (component * factor).round() as i16);
        let query = whole.chain(std::iter::repeat(0)).take(self.dimensions).collect();
        Probe { matrix: self, query, scale: if usable { largest / finest as f32 } else { 0.0 } }
    }

    /// The rows nearest to a query by inner product, the nearest first and of equal ones the first row first, at most
    /// `limit` of those that `admit` lets in.
    pub fn nearest(&self, query: &[f32], limit: usize, admit: impl Fn(u32) -> bool) -> Vec<(u32, f32)> {
        self.probe(query).nearest(limit, admit)
    }

    /// The inner product of a row and a query; 0 for a row that is not there.
    pub fn similarity(&self, row: u32, query: &[f32]) -> f32 {
        self.probe(query).similarity(row)
    }

    fn row(&self, row: u32) -> Option<(f32, &[i8])> {
        let row = usize::try_from(row).ok()?;
        let begin = row.checked_mul(self.dimensions)?;
        Some((*self.scales.get(row)?, self.rows.get(begin..begin.checked_add(self.dimensions)?)?))
    }
}

impl Probe<'_> {
    /// As [`Matrix::nearest`].
    pub fn nearest(&self, limit: usize, admit: impl Fn(u32) -> bool) -> Vec<(u32, f32)> {
        let mut best: BinaryHeap<Reverse<Near>> = BinaryHeap::with_capacity(limit.min(self.matrix.len()) + 1);
        let rows = self.matrix.rows.chunks_exact(self.matrix.dimensions);
        for (row, (components, scale)) in (0u32..).zip(rows.zip(&self.matrix.scales)) {
            let near = Near { score: self.score(components, *scale), row };
            let full = best.len() >= limit;
            let wanted = !full || best.peek().is_some_and(|Reverse(worst)| near > *worst);
            if wanted && limit > 0 && admit(row) {
                if full {
                    best.pop();
                }
                best.push(Reverse(near));
            }
        }
        // The order of what is wrapped turned round: the best first.
        best.into_sorted_vec().into_iter().map(|Reverse(near)| (near.row, near.score)).collect()
    }

    /// As [`Matrix::similarity`]; the same number that [`Probe::nearest`] gives.
    pub fn similarity(&self, row: u32) -> f32 {
        self.matrix.row(row).map_or(0.0, |(scale, components)| self.score(components, scale))
    }

    fn score(&self, components: &[i8], scale: f32) -> f32 {
        inner_product(components, &self.query) as f32 * (scale * self.scale)
    }
}

/// A row and how near it is; the nearer the greater, and of equal ones the first row the greatest.
#[derive(Clone, Copy, Debug)]
struct Near {
    score: f32,
    row: u32,
}

impl Ord for Near {
    fn cmp(&self, other: &Near) -> Ordering {
        self.score.total_cmp(&other.score).then_with(|| other.row.cmp(&self.row))
    }
}

impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Near) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Near {
    fn eq(&self, other: &Near) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Near {}

/// Written so that a compiler multiplies and adds eight or sixteen at a time.
#[inline]
fn inner_product(row: &[i8], query: &[i16]) -> i32 {
    row.iter().zip(query).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

/// The largest absolute component.
fn largest(vector: &[f32]) -> f32 {
    vector.iter().fold(0.0, |largest, component| largest.max(component.abs()))
}

fn length(vector: impl Iterator<Item = f32>) -> f64 {
    vector.map(|component| f64::from(component).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::super::{cosine, normalise};
    use super::*;

    /// Vectors of length one in directions that a fixed sequence draws.
    fn vectors(count: usize, dimensions: usize, seed: u64) -> Vec<Vec<f32>> {
        let mut state = seed;
        let mut uniform = || {
            // SplitMix64 (Steele, Lea, Flood 2014).
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
        };
        let mut one = || {
            // Sums of uniform numbers are near enough to normal ones, which have no preferred direction.
            let mut vector: Vec<f32> = (0..dimensions).map(|_| (0..4).map(|_| uniform() - 0.5).sum()).collect();
            normalise(&mut vector);
            vector
        };
        (0..count).map(|_| one()).collect()
    }

    fn matrix(vectors: &[Vec<f32>]) -> Matrix {
        let mut matrix = Matrix::new(vectors[0].len()).expect("a matrix");
        for vector in vectors {
            matrix.push(vector).expect("a row");
        }
        matrix
    }

    /// Those nearest by floating-point arithmetic.
    fn exactly(vectors: &[Vec<f32>], query: &[f32], limit: usize) -> Vec<(u32, f32)> {
        let mut all: Vec<(u32, f32)> = (0..).zip(vectors).map(|(row, vector)| (row, cosine(vector, query))).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.truncate(limit);
        all
    }

    #[test]
    fn quantised_ranks_agree_with_exact_ones() {
        for dimensions in [64, 256, 384, 1000] {
            let passages = vectors(2_000, dimensions, 1);
            let matrix = matrix(&passages);
            let (mut shared, mut first) = (0, 0);
            for query in vectors(50, dimensions, 2) {
                let (found, expected) = (matrix.nearest(&query, 20, |_| true), exactly(&passages, &query, 20));
                shared += expected.iter().filter(|(row, _)| found.iter().any(|(other, _)| other == row)).count();
                first += usize::from(found[0].0 == expected[0].0);
                for (row, score) in &found {
                    let exact = cosine(&passages[*row as usize], &query);
                    assert!((score - exact).abs() < 0.003, "{dimensions}: {score} {exact}");
                }
            }
            // Random directions are the hardest case: the cosines of the best twenty lie within hundredths of each other.
            assert!(shared >= 970 && first >= 46, "{dimensions}: {shared} of 1000, {first} of 50");
        }
    }

    #[test]
    fn equal_rows_come_in_their_order_and_only_those_admitted() {
        let passages = vec![vec![1.0, 0.0], vec![0.0, 1.0], vec![1.0, 0.0], vec![0.0, 0.0], vec![-1.0, 0.0]];
        let matrix = matrix(&passages);
        let check = |limit: usize, admit: &dyn Fn(u32) -> bool, expected: &[(u32, f32)]| {
            let found = matrix.nearest(&[1.0, 0.0], limit, admit);
            assert_eq!(found, expected, "{limit}");
            for (row, score) in found {
                assert_eq!(matrix.similarity(row, &[1.0, 0.0]), score);
            }
        };
        let all = [(0, 1.0), (2, 1.0), (1, 0.0), (3, 0.0), (4, -1.0)];
        for limit in 0..7 {
            check(limit, &|_| true, &all[..limit.min(5)]);
        }
        check(2, &|row| row != 0, &[(2, 1.0), (1, 0.0)]);
        check(3, &|row| row > 2, &[(3, 0.0), (4, -1.0)]);
        check(3, &|_| false, &[]);
        assert_eq!(matrix.similarity(5, &[1.0, 0.0]), 0.0);
        assert_eq!(Matrix::new(2).expect("a matrix").nearest(&[1.0, 0.0], 3, |_| true), []);
    }

    #[test]
    fn no_query_overflows_or_panics() {
        for dimensions in [1, 16, MOST_DIMENSIONS] {
            let matrix = matrix(&[vec![1.0; dimensions], vec![-1.0; dimensions]]);
            let check = |query: &[f32], expected: f32| {
                let found = matrix.similarity(0, query);
                assert!((found - expected).abs() <= expected.abs() * 1e-3, "{dimensions}: {found} {expected}");
                assert_eq!(matrix.similarity(1, query), -found);
            };
            check(&vec![1.0; dimensions], dimensions as f32);
            check(&vec![1e30; dimensions], dimensions as f32 * 1e30);
            check(&[], 0.0);
            check(&vec![1.0; dimensions + 5], dimensions as f32);
            check(&vec![0.0; dimensions], 0.0);
            check(&vec![f32::INFINITY; dimensions], 0.0);
            check(&vec![f32::NAN; dimensions], 0.0);
        }
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let first = matrix(&vectors(7, 24, 3));
        assert_eq!(Matrix::from_bytes(&first.to_bytes()).expect("a matrix"), first);
        let none = Matrix::new(24).expect("a matrix");
        assert_eq!(Matrix::from_bytes(&none.to_bytes()).expect("a matrix"), none);
        let mut joined = none;
        joined.take_over(&first, [2, 0]).expect("rows");
        joined.append(&first).expect("rows");
        assert_eq!((joined.len(), joined.row(0), joined.row(3)), (9, first.row(2), first.row(1)));
        assert!(
            joined.take_over(&first, [7]).expect_err("no such row").to_string().contains("row 7 of 7 is not there")
        );
        assert!(joined.append(&Matrix::new(23).expect("a matrix")).is_err());
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let whole = matrix(&vectors(3, 8, 4)).to_bytes();
        for end in 0..whole.len() {
            assert!(Matrix::from_bytes(&whole[..end]).is_err(), "{end}");
        }
        let check = |change: &dyn Fn(&mut Vec<u8>), expected: &str| {
            let mut bytes = whole.clone();
            change(&mut bytes);
            let error = Matrix::from_bytes(&bytes).expect_err("refused").to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(&|bytes| bytes.push(0), "37 bytes are not 3 rows of 8 dimensions");
        check(&|bytes| bytes[0] = b'V', "no file of vectors");
        check(&|bytes| bytes[8..12].fill(0), "0 dimensions");
        check(&|bytes| bytes[8..12].fill(255), "4294967295 dimensions");
        check(&|bytes| bytes[12..16].fill(255), "4294967295 rows");
        check(&|bytes| bytes[20..24].copy_from_slice(&f32::NAN.to_le_bytes()), "the scale of row 1 is NaN");
        check(&|bytes| bytes[20..24].copy_from_slice(&(-1f32).to_le_bytes()), "the scale of row 1 is -1");
    }

    #[test]
    fn rows_that_are_none_are_refused() {
        let mut matrix = Matrix::new(2).expect("a matrix");
        for vector in [&[1.0][..], &[1.0, 2.0, 3.0], &[f32::NAN, 0.0], &[f32::INFINITY, 0.0]] {
            assert!(matrix.push(vector).is_err(), "{vector:?}");
        }
        assert!(matrix.is_empty() && Matrix::new(0).is_err() && Matrix::new(MOST_DIMENSIONS + 1).is_err());
    }
}
