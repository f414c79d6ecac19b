//! Reads a safetensors file that lies in memory: a header of JSON, then the tensors' bytes, little endian.
//!
//! Only what a table of vectors needs: tensors are found by name, type and shape, and handed out as they lie.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;

use super::Error;

/// Name of the entry that holds no tensor but text about the file; nothing depends on it.
const ABOUT: &str = "__metadata__";

/// The header of a file.
#[derive(Debug)]
pub(super) struct Header {
    tensors: BTreeMap<String, Tensor>,
}

/// Where a tensor lies in the file, and in what form.
#[derive(Debug, Deserialize)]
struct Tensor {
    dtype: String,
    shape: Vec<usize>,
    /// First byte and the one after the last, counted from the end of the header.
    data_offsets: (usize, usize),
}

fn wrong(reason: impl Into<String>) -> Error {
    Error::Table(reason.into())
}

impl Header {
    /// Reads the header of a file; places of tensors are within it.
    pub(super) fn of(file: &[u8]) -> Result<Header, Error> {
        let (length, rest) = file.split_first_chunk::<8>().ok_or_else(|| wrong("the file ends within its header"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok().filter(|length| *length <= rest.len());
        let length = length.ok_or_else(|| wrong("the file ends within its header"))?;
        let unreadable = |error: serde_json::Error| wrong(format!("its header is unreadable: {error}"));
        let entries: BTreeMap<String, Value> =
            serde_json::from_slice(rest.get(..length).unwrap_or_default()).map_err(unreadable)?;
        let mut header = Header { tensors: BTreeMap::new() };
        for (name, entry) in entries {
            if name == ABOUT {
                continue;
            }
            let mut tensor: Tensor = serde_json::from_value(entry).map_err(unreadable)?;
            let (begin, end) = tensor.data_offsets;
            if begin > end || end > rest.len() - length {
                return Err(wrong(format!("tensor {name} does not lie within the file")));
            }
            tensor.data_offsets = (8 + length + begin, 8 + length + end);
            header.tensors.insert(name, tensor);
        }
        Ok(header)
    }

    /// Whether there is a tensor of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    /// Rows and columns of a tensor of bytes (`I8`), and where its rows lie in the file.
    pub(super) fn bytes(&self, name: &str) -> Result<((usize, usize), Range<usize>), Error> {
        let tensor = self.tensor(name, "I8")?;
        let [rows, columns] = tensor.shape.as_slice() else {
            return Err(wrong(format!("tensor {name} has {} dimensions instead of 2", tensor.shape.len())));
        };
        let size = rows.checked_mul(*columns);
        Ok(((*rows, *columns), tensor.place(name, size)?))
    }

    /// The numbers of a tensor of one dimension (`F32`).
    pub(super) fn floats(&self, file: &[u8], name: &str) -> Result<Vec<f32>, Error> {
        let tensor = self.tensor(name, "F32")?;
        let [count] = tensor.shape.as_slice() else {
            return Err(wrong(format!("tensor {name} has {} dimensions instead of 1", tensor.shape.len())));
        };
        let place = tensor.place(name, count.checked_mul(4))?;
        let (numbers, _) = file.get(place).unwrap_or_default().as_chunks::<4>();
        Ok(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    fn tensor(&self, name: &str, dtype: &str) -> Result<&Tensor, Error> {
        let tensor = self.tensors.get(name).ok_or_else(|| wrong(format!("tensor {name} is missing")))?;
        if tensor.dtype == dtype {
            return Ok(tensor);
        }
        Err(wrong(format!("tensor {name} holds {} instead of {dtype}", tensor.dtype)))
    }
}

impl Tensor {
    fn place(&self, name: &str, size: Option<usize>) -> Result<Range<usize>, Error> {
        let (begin, end) = self.data_offsets;
        if size == Some(end - begin) {
            return Ok(begin..end);
        }
        Err(wrong(format!("tensor {name} has {} bytes, which is not its shape", end - begin)))
    }
}

/// A file of some tensors, for tests.
#[cfg(test)]
pub(super) fn file(tensors: &[(&str, &str, &[usize], &[u8])]) -> Vec<u8> {
    let mut header = serde_json::json!({ABOUT: {"format": "np"}});
    let mut data = Vec::new();
    for (name, dtype, shape, bytes) in tensors {
        let begin = data.len();
        data.extend_from_slice(bytes);
        header[*name] = serde_json::json!({"dtype": dtype, "shape": shape, "data_offsets": [begin, data.len()]});
    }
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tensors_are_found_by_name_type_and_shape() {
        let floats: Vec<u8> = [1.5f32, -2.0].iter().flat_map(|number| number.to_le_bytes()).collect();
        let bytes = file(&[("x", "I8", &[2, 3], &[1, 2, 3, 4, 5, 255]), ("y", "F32", &[2], &floats)]);
        let header = Header::of(&bytes).expect("a header");
        let ((rows, columns), place) = header.bytes("x").expect("a tensor");
        assert_eq!((rows, columns, &bytes[place]), (2, 3, &[1, 2, 3, 4, 5, 255][..]));
        assert_eq!(header.floats(&bytes, "y").expect("a tensor"), [1.5, -2.0]);
        assert!(header.has("y") && !header.has("z"));
        let told = |error: Error| error.to_string();
        assert!(told(header.bytes("y").expect_err("floats")).contains("holds F32 instead of I8"));
        assert!(told(header.bytes("z").expect_err("nothing")).contains("tensor z is missing"));
    }

    #[test]
    fn damaged_files_are_refused() {
        let whole = file(&[("x", "I8", &[2, 3], &[0; 6])]);
        for end in 0..whole.len() {
            assert!(Header::of(&whole[..end]).is_err(), "{end}");
        }
        let refused = |bytes: &[u8]| match Header::of(bytes) {
            Err(error) => error.to_string(),
            Ok(header) => header.bytes("x").expect_err("refused").to_string(),
        };
        assert!(refused(&[255; 16]).contains("ends within its header"));
        assert!(refused(&file(&[("x", "I8", &[2, 4], &[0; 6])])).contains("not its shape"));
        assert!(refused(&file(&[("x", "I8", &[usize::MAX, 2], &[0; 6])])).contains("not its shape"));
        assert!(refused(&file(&[("x", "I8", &[6], &[0; 6])])).contains("1 dimensions instead of 2"));
    }
}
