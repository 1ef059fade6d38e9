"""The desk: what people ask of Mull besides answering its questions, the same on every platform."""
