"""The table that the bench `road` makes, several times over, as one file.

usage: python grow.py TABLE.parquet COPIES OUT.parquet
"""

import sys

import pyarrow.parquet as pq


def main(source, copies, target):
    table = pq.ParquetFile(source)
    with pq.ParquetWriter(target, table.schema_arrow, compression="zstd") as writer:
        for _ in range(copies):
            for group in range(table.num_row_groups):
                writer.write_table(table.read_row_group(group))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
