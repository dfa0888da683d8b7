from hpme.jobs.results import ResultCache


def test_the_least_recently_used_result_goes_first():
    cache = ResultCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1  # so b is the one not used for longest
    cache.put("c", 3)
    assert [cache.get(key) for key in "abc"] == [1, None, 3]
    cache.put("a", 4)
    assert [cache.get(key) for key in "ac"] == [4, 3]
