package dev.ebb.load;

import java.util.List;

/**
 * Finds a record by an address or an object in constant time. Its elements are linked through themselves, so that one takes 2 to 4 bytes of the table, and
 * 16 at most where there were more before.
 *
 * <p>Assumes: a resource is in one table, once. Guarantees, for any number of threads: a lock is held for a few instructions and for one of
 * {@value #STRIPES} parts of the table alone; calls for the same key have an order.
 *
 * <p>Linear hashing (Litwin, 1980): the table grows and shrinks by one bucket at a time, so no call rehashes or copies it all.
 */
public final class ResourceTable {
    private static final int STRIPES = 64;
    private static final int STRIPE_SHIFT = 32 - 6;
    /** Elements a bucket, on average. */
    private static final int LOAD = 2;
    /** It shrinks below this part of that: while a million are given back, most buckets that go are empty, and need not be moved, each another place in memory. */
    private static final int SHRINK_SHARE = 8;
    private static final int FEWEST_BUCKETS = 2;
    private static final int PAGE_SHIFT = 6;
    private static final int PAGE = 1 << PAGE_SHIFT;

    private final Stripe[] stripes = new Stripe[STRIPES];

    /** @param limit how many there may be at a time; hashes are never quite even, so that it may be full some percent earlier */
    public ResourceTable(int limit) {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(Math.max(1, limit / STRIPES));
        }
    }

    /** @return false if there is no room */
    public boolean add(Resource resource) {
        return stripe(resource.hash()).add(resource, resource.hash());
    }

    /** A block, or null. */
    public Resource find(ResourceKind kind, long address) {
        int hash = Block.hash(address);
        return stripe(hash).find(hash, kind, address, null, null);
    }

    /** The one that this load's ledger has of the object, or of any load if {@code ledger} is null; or null. */
    public KeyedResource find(Object object, Ledger ledger) {
        int hash = KeyedResource.hash(System.identityHashCode(object));
        return (KeyedResource) stripe(hash).find(hash, null, 0, object, ledger);
    }

    /** @return the block that was in the table and is not any more, or null */
    public Resource remove(ResourceKind kind, long address) {
        int hash = Block.hash(address);
        Stripe stripe = stripe(hash);
        return stripe.count == 0 ? null : stripe.remove(hash, kind, address, null, null);
    }

    /** @return one resource that is known by the object, and is in the table no more; null if there is none left */
    public KeyedResource remove(Object object) {
        int hash = KeyedResource.hash(System.identityHashCode(object));
        Stripe stripe = stripe(hash);
        return stripe.count == 0 ? null : (KeyedResource) stripe.remove(hash, null, 0, object, null);
    }

    /** @return true if it was there */
    public boolean remove(Resource resource) {
        return stripe(resource.hash()).remove(resource.hash(), null, 0, null, resource) != null;
    }

    /** Takes everything out. */
    public void drainTo(List<Resource> all) {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i].drainTo(all);
        }
    }

    /** Weakly consistent. */
    public long size() {
        long size = 0;
        for (int i = 0; i < STRIPES; i++) {
            size += stripes[i].count;
        }
        return size;
    }

    private Stripe stripe(int hash) {
        return stripes[hash >>> STRIPE_SHIFT];
    }

    private static final class Stripe {
        private final int limit;
        /** The buckets, {@value #PAGE} a page. */
        private Resource[][] pages = {new Resource[PAGE]};
        private int buckets = FEWEST_BUCKETS;
        private volatile int count;

        Stripe(int limit) {
            this.limit = limit;
        }

        synchronized boolean add(Resource resource, int hash) {
            if (count >= limit) {
                return false;
            }
            push(bucket(hash), resource);
            count = count + 1;
            if (count > LOAD * buckets && hasPageForOneMore()) {
                split();
            }
            return true;
        }

        synchronized Resource find(int hash, ResourceKind kind, long address, Object object, Ledger ledger) {
            for (Resource r = first(bucket(hash)); r != null; r = r.next) {
                if (r.isKnownBy(kind, address, object) && (ledger == null || r.ledger == ledger)) {
                    return r;
                }
            }
            return null;
        }

        /** @param itself null if it is to be found by what it is known by */
        synchronized Resource remove(int hash, ResourceKind kind, long address, Object object, Resource itself) {
            int bucket = bucket(hash);
            Resource before = null;
            for (Resource r = first(bucket); r != null; before = r, r = r.next) {
                if (itself == null ? r.isKnownBy(kind, address, object) : r == itself) {
                    if (before == null) {
                        first(bucket, r.next);
                    } else {
                        before.next = r.next;
                    }
                    r.next = null;
                    count = count - 1;
                    if (buckets > FEWEST_BUCKETS && count < LOAD * buckets / SHRINK_SHARE) {
                        merge();
                    }
                    return r;
                }
            }
            return null;
        }

        synchronized void drainTo(List<Resource> all) {
            for (int bucket = 0; bucket < buckets; bucket++) {
                for (Resource r = first(bucket); r != null; r = r.next) {
                    all.add(r);
                }
                first(bucket, null);
            }
            count = 0;
        }

        /** Of 2^n buckets and a few more, those few are the upper halves of the first ones. */
        private int bucket(int hash) {
            int whole = Integer.highestOneBit(buckets);
            int bucket = hash & 2 * whole - 1;
            return bucket < buckets ? bucket : bucket & whole - 1;
        }

        /** One bucket more, with what belongs there out of the one whose upper half it is. */
        private void split() {
            int fresh = buckets++;
            int whole = Integer.highestOneBit(fresh);
            Resource r = first(fresh - whole);
            first(fresh - whole, null);
            while (r != null) {
                Resource next = r.next;
                push((r.hash() & whole) == 0 ? fresh - whole : fresh, r);
                r = next;
            }
        }

        /** The last bucket goes back into the one that it came from. */
        private void merge() {
            int last = --buckets;
            int into = last - Integer.highestOneBit(last);
            Resource r = first(last);
            first(last, null);
            while (r != null) {
                Resource next = r.next;
                push(into, r);
                r = next;
            }
            if ((last & PAGE - 1) == 0) {
                pages[last >>> PAGE_SHIFT] = null;
            }
        }

        private Resource first(int bucket) {
            return pages[bucket >>> PAGE_SHIFT][bucket & PAGE - 1];
        }

        private void first(int bucket, Resource resource) {
            pages[bucket >>> PAGE_SHIFT][bucket & PAGE - 1] = resource;
        }

        private void push(int bucket, Resource resource) {
            resource.next = first(bucket);
            first(bucket, resource);
        }

        private boolean hasPageForOneMore() {
            int page = buckets >>> PAGE_SHIFT;
            try {
                if (page == pages.length) {
                    Resource[][] more = new Resource[2 * page][];
                    System.arraycopy(pages, 0, more, 0, page);
                    pages = more;
                }
                if (pages[page] == null) {
                    pages[page] = new Resource[PAGE];
                }
                return true;
            } catch (OutOfMemoryError e) {
                // then the buckets get longer: nothing may be lost that was added
                return false;
            }
        }
    }
}
