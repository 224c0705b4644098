"""DICOMweb: storing, searching and retrieving as PS3.18 says."""
