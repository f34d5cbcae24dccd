-- x
INSERT INTO s (facility, sector, share) VALUES ('F''1', '208-01-1-2', 50), (null, TO_DATE('2019-10-17','YYYY'), -1);
/* c */ INSERT INTO s SELECT 1;