/** Rows of numbers, mostly zero: row i is `columns` and `values` from `starts[i]` to `starts[i + 1]`. */
export type SparseRows = {
  readonly width: number;
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
};

export type SparseRow = ReadonlyMap<number, number>;

export function rowCount(rows: SparseRows): number {
  return rows.starts.length - 1;
}

export function fromMaps(maps: readonly SparseRow[], width: number): SparseRows {
  const starts = new Int32Array(maps.length + 1);
  for (const [i, map] of maps.entries()) starts[i + 1] = (starts[i] ?? 0) + map.size;
  const columns = new Int32Array(starts[maps.length] ?? 0);
  const values = new Float32Array(columns.length);
  let next = 0;
  for (const map of maps) {
    for (const [column, value] of map) {
      columns[next] = column;
      values[next] = value;
      next += 1;
    }
  }
  return { width, starts, columns, values };
}

export function fromDense(vectors: readonly Float32Array[]): SparseRows {
  const width = vectors[0]?.length ?? 0;
  const values = new Float32Array(vectors.length * width);
  for (const [i, vector] of vectors.entries()) values.set(vector, i * width);
  return {
    width,
    starts: Int32Array.from({ length: vectors.length + 1 }, (_, i) => i * width),
    columns: Int32Array.from({ length: values.length }, (_, i) => i % width),
    values,
  };
}

/** Side by side: the columns of `right` follow those of `left`. */
export function joinColumns(left: SparseRows, right: SparseRows): SparseRows {
  const rows = rowCount(left);
  const starts = Int32Array.from(left.starts, (start, i) => start + (right.starts[i] ?? 0));
  const columns = new Int32Array(left.columns.length + right.columns.length);
  const values = new Float32Array(columns.length);
  for (let i = 0; i < rows; i++) {
    let next = starts[i] ?? 0;
    for (let k = left.starts[i] ?? 0; k < (left.starts[i + 1] ?? 0); k++, next++) {
      columns[next] = left.columns[k] ?? 0;
      values[next] = left.values[k] ?? 0;
    }
    for (let k = right.starts[i] ?? 0; k < (right.starts[i + 1] ?? 0); k++, next++) {
      columns[next] = left.width + (right.columns[k] ?? 0);
      values[next] = right.values[k] ?? 0;
    }
  }
  return { width: left.width + right.width, starts, columns, values };
}

/** One below the other; both of the same width. */
export function appendRows(top: SparseRows, bottom: SparseRows): SparseRows {
  const cells = top.columns.length;
  const starts = new Int32Array(rowCount(top) + rowCount(bottom) + 1);
  starts.set(top.starts);
  starts.set(
    bottom.starts.map((start) => start + cells),
    rowCount(top),
  );
  const columns = new Int32Array(cells + bottom.columns.length);
  columns.set(top.columns);
  columns.set(bottom.columns, cells);
  const values = new Float32Array(columns.length);
  values.set(top.values);
  values.set(bottom.values, cells);
  return { width: top.width, starts, columns, values };
}
